; Classic functions, functions kept in a name or a property, and what the module exports.
(function_declaration name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(class_declaration name: (_) @name) @type
(method_definition name: (_) @name) @function
(variable_declarator name: (identifier) @name
  value: [(arrow_function) (function_expression)]) @function
(assignment_expression left: (member_expression property: (property_identifier) @name)
  right: [(function_expression) (arrow_function)]) @function
(pair key: (property_identifier) @name value: [(function_expression) (arrow_function)]) @function
(program (lexical_declaration (variable_declarator name: (identifier) @name) @constant)
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
(export_statement declaration: (_) @exported)
(export_statement value: (_) @exported)
(export_statement value: (identifier) @exported_name)
(export_specifier name: (_) @exported_name)
(import_statement source: (string (string_fragment) @import))
(call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import))
  (#eq? @_require "require"))
(throw_statement) @check
["async"] @async
(call_expression function: (member_expression property: (property_identifier) @_verb)
  arguments: (arguments . (string)) (#match? @_verb "^(get|post|put|patch|delete|all)$")) @route
(decorator) @route
(string (string_fragment) @text)
