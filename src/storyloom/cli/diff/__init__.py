"""`storyloom diff`: storyboards that follow the code that they are drawn from."""
