; The programs that a script calls are what it builds on.
(function_definition name: (word) @name) @function
(program (variable_assignment name: (variable_name) @name) @constant
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
(command name: (command_name (word) @import))
(command name: (command_name (word) @_exit) argument: (number) @_code (#eq? @_exit "exit")
  (#match? @_code "^[1-9]")) @check
(string (string_content) @text)
