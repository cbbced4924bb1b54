; The type of an impl block owns the functions in it.
(function_item name: (identifier) @name) @function
(function_signature_item name: (identifier) @name) @function
(struct_item name: (type_identifier) @name) @type
(enum_item name: (type_identifier) @name) @type
(trait_item name: (type_identifier) @name) @type
(union_item name: (type_identifier) @name) @type
(type_item name: (type_identifier) @name) @type
(macro_definition name: (identifier) @name) @function
(impl_item type: (_) @name) @scope
(const_item name: (identifier) @name) @constant
(use_declaration argument: (_) @import)
(call_expression function: (identifier) @_err (#eq? @_err "Err")) @check
(macro_invocation macro: (identifier) @_stop
  (#match? @_stop "^(bail|ensure|panic)$")) @check
(function_modifiers "async") @async
(attribute_item) @route
(string_literal) @text
((mod_item name: (identifier) @_tests) @ignored (#match? @_tests "^tests?$"))
