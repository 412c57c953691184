-- What is held against the OpenAPI document of a service: {"requests": "off" | "report" | "refuse", "answers": ...}; null: nothing.
alter table access_service add column conformance jsonb;
-- Names the document, where calls are held against it: each process reads a version once.
alter table access_service add column digest text;
