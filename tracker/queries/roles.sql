-- The three roles of Entente in this database. Run it as a superuser; the first time, while nothing
-- else of Entente is connected. It can run again. New roles have no password yet: set one, in psql
-- by \password.

DO $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY ARRAY[{owner_text}, {app_text}, {reader_text}] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', one);
        END IF;
    END LOOP;
END $$;
ALTER ROLE {owner} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE {app} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE {reader} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- The owner may change tables, and puts those of a rebuild in the old ones' place.
ALTER DATABASE {database} OWNER TO {owner};
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT 'SCHEMA' AS kind, quote_ident(nspname) AS name FROM pg_namespace
        WHERE nspname IN ({schema_text}, 'entente_rebuild')
            AND nspowner <> {owner_text}::regrole
        UNION ALL
        SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                              WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass::text
        FROM pg_class c
        WHERE c.relnamespace = {schema_text}::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            AND c.relowner <> {owner_text}::regrole
            -- A column's sequence follows its table; an extension's tables stay with it.
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                            AND d.objid = c.oid AND (d.deptype = 'e'
                                OR c.relkind = 'S' AND d.deptype IN ('a', 'i')))
        UNION ALL
        SELECT 'ROUTINE', p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = {schema_text}::regnamespace
            AND p.proowner <> {owner_text}::regrole
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                            AND d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO %I', one.kind, one.name, {owner_text});
    END LOOP;
END $$;

REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC;
REVOKE ALL ON DATABASE {database} FROM {app}, {reader};
-- Imports of earlier versions keep what they have seen in a temporary table.
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app};
GRANT CONNECT ON DATABASE {database} TO {reader};
REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC;
REVOKE ALL ON SCHEMA {schema} FROM {app}, {reader};
GRANT USAGE ON SCHEMA {schema} TO {app}, {reader};

-- How long they wait for locks, statements and idle clients.
