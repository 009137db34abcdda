-- What the shown chunks say, by their names, where the caller tells it: of stores of the agent's own nothing else would be known. Beside the
-- chunks and not in them, so that learning does not read it.
ALTER TABLE retrievals ADD COLUMN excerpts JSONB;
