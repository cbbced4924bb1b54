; inherits: javascript
; As for JavaScript, and the types.
(abstract_class_declaration name: (_) @name) @type
(interface_declaration name: (_) @name) @type
(type_alias_declaration name: (_) @name) @type
(enum_declaration name: (_) @name) @type
(abstract_method_signature name: (_) @name) @function
(method_signature name: (_) @name) @function
