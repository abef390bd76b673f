"""One filter language for every pane and for the command line: text -> terms -> bound SQL, and a sentence."""
