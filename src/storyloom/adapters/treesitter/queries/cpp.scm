; inherits: c
; As for C, and classes with the functions declared in them.
(class_specifier name: (_) @name body: (_)) @type
(function_definition declarator: (function_declarator
  declarator: [(field_identifier) (qualified_identifier)] @name)) @function
(field_declaration declarator: (function_declarator declarator: (field_identifier) @name)) @function
(throw_statement) @check
