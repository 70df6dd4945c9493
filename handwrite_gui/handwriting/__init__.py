"""The My Hand view: profiles, teaching, adapting."""
