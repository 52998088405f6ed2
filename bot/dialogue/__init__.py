"""Inside the Rasa server: our channel, the tracker and lock stores, the patches to Rasa."""
