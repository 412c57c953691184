-- Where calls of a service name the person they are about, one place a text (`path:/persons/{person}`), or that they are about nobody
-- (`none:/**`). Null: published before a service had to say so; nobody may call it until it is published anew.
alter table access_service add column persons jsonb;
