; Definitions carry their docstring, imports the module's dotted name.
(module . (comment)* . (expression_statement (string) @module_doc))
(class_definition name: (identifier) @name
  body: (block . (comment)* . (expression_statement (string) @doc)?)) @type
(function_definition name: (identifier) @name
  body: (block . (comment)* . (expression_statement (string) @doc)?)) @function
(module (expression_statement (assignment left: (identifier) @name)) @constant
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
(import_statement name: (dotted_name) @import)
(import_statement name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (dotted_name) @import)
(raise_statement (_)) @check
(function_definition "async") @async
(decorator) @route
(string (string_content) @text)
