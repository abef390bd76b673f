"""The screens: a thin skin over ``case``. The only folder that imports Textual; it parses and queries nothing."""
