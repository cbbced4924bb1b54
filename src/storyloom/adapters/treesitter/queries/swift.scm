(class_declaration name: (_) @name) @type
(protocol_declaration name: (type_identifier) @name) @type
(function_declaration name: (simple_identifier) @name) @function
(protocol_function_declaration name: (simple_identifier) @name) @function
(import_declaration (identifier) @import)
(control_transfer_statement (throw_keyword)) @check
(line_string_literal) @text
