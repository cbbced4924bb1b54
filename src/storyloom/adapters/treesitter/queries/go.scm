; A method's receiver is its owner.
(function_declaration name: (identifier) @name) @function
(method_declaration receiver: (parameter_list (parameter_declaration type: (_) @owner))
  name: (field_identifier) @name) @function
(type_spec name: (type_identifier) @name) @type
(method_elem name: (field_identifier) @name) @function
(source_file (const_declaration (const_spec name: (identifier) @name) @constant))
(package_clause) @package
(import_spec path: (interpreted_string_literal) @import)
(call_expression function: (selector_expression) @_new arguments: (argument_list) @check
  (#match? @_new "^(errors[.]New|fmt[.]Errorf)$"))
(go_statement) @async
(call_expression function: (selector_expression field: (field_identifier) @_verb)
  arguments: (argument_list . (interpreted_string_literal))
  (#match? @_verb "^(Handle|HandleFunc|Get|Post|Put|Patch|Delete|GET|POST|PUT|PATCH|DELETE)$")) @route
(interpreted_string_literal) @text
