(class_declaration name: (name) @name) @type
(interface_declaration name: (name) @name) @type
(trait_declaration name: (name) @name) @type
(enum_declaration name: (name) @name) @type
(function_definition name: (name) @name) @function
(method_declaration name: (name) @name) @function
(const_declaration (const_element (name) @name)) @constant
(namespace_use_clause (_) @import)
(throw_expression) @check
(attribute) @route
(scoped_call_expression name: (name) @_verb arguments: (arguments . (argument (string)))
  (#match? @_verb "^(get|post|put|patch|delete)$")) @route
(string (string_content) @text)
(encapsed_string (string_content) @text)
