"""From a script to scenes, beats and a bible, by rules."""
