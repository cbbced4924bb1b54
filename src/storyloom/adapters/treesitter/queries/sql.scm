(create_table (object_reference name: (identifier) @name)) @table
(create_view . (_)* . (object_reference name: (identifier) @name)) @view
(create_function (object_reference name: (identifier) @name)) @function
(create_type (object_reference name: (identifier) @name)) @type
(create_trigger . (_)* . (object_reference name: (identifier) @name)) @function
((program (statement (select) (from (relation (object_reference name: (identifier) @name)) @view)))
  (#not-match? @name "^pg_"))
((program (statement (select) (from (join (relation (object_reference name: (identifier) @name)) @view))))
  (#not-match? @name "^pg_"))
(constraint) @check
