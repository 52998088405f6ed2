"""The understanding pipeline: components that Rasa loads by their dotted names in `config.yml`."""
