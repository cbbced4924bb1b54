(class_declaration name: (identifier) @name) @type
(interface_declaration name: (identifier) @name) @type
(struct_declaration name: (identifier) @name) @type
(record_declaration name: (identifier) @name) @type
(enum_declaration name: (identifier) @name) @type
(method_declaration name: (identifier) @name) @function
(using_directive (_) @import)
(throw_statement) @check
(throw_expression) @check
((modifier) @async (#eq? @async "async"))
(attribute) @route
(string_literal (string_literal_content) @text)
