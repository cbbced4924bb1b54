"""Reading source code with tree-sitter grammars."""
