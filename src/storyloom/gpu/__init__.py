"""GPU status: is there a GPU here, and how busy is it?"""
