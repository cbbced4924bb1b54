; Methods below a bare `private` are hidden.
(class name: (_) @name) @type
(module name: (_) @name) @scope
(method name: (_) @name) @function
(singleton_method name: (_) @name) @function
(assignment left: (constant) @name right: (_) @_value
  (#match? @_value "^(Struct\\.new|Data\\.define|Class\\.new)")) @type
(assignment left: (constant) @name right: (_) @_value
  (#not-match? @_value "^(Struct\\.new|Data\\.define|Class\\.new)")) @constant
(body_statement (identifier) @hidden_below (#match? @hidden_below "^(private|protected)$"))
(call method: (identifier) @_require arguments: (argument_list . (string (string_content) @import))
  (#match? @_require "^require(_relative)?$"))
(call method: (identifier) @_raise (#match? @_raise "^(raise|fail)$")) @check
(call method: (identifier) @_verb arguments: (argument_list . (string))
  (#match? @_verb "^(get|post|put|patch|delete)$")) @route
(string (string_content) @text)
