"""Rows of a Supabase project through its REST API, with the official client."""
