"""Everything around the dialogue: channels, gateway, store, languages, Rasa components."""
