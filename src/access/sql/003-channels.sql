-- Channels and topics are offered like services: nobody may send to one or subscribe to one without a grant.
alter table access_service drop constraint access_service_kind_check;
alter table access_service add constraint access_service_kind_check check (kind in ('REST', 'OPENAPI', 'MESSAGES', 'EVENTS'));

-- Whether a system may change what its agency offers and grants.
alter table access_system add column administrator boolean not null default false;
