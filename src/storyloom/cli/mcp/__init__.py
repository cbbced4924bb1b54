"""The MCP server: tools with which coding agents make storyboards and stories."""
