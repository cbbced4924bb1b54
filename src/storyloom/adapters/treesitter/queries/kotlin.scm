(class_declaration name: (identifier) @name) @type
(object_declaration name: (identifier) @name) @type
(function_declaration name: (identifier) @name) @function
(import (qualified_identifier) @import)
(throw_expression) @check
(annotation) @route
(string_literal (string_content) @text)
