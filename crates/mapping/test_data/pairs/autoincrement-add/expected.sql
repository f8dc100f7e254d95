-- AlterTable
CREATE SEQUENCE counter_id_seq;
CREATE SEQUENCE counter_n_seq;
ALTER TABLE "Counter" ALTER COLUMN "id" SET DEFAULT nextval('counter_id_seq'),
ALTER COLUMN "n" SET DEFAULT nextval('counter_n_seq');
ALTER SEQUENCE counter_id_seq OWNED BY "Counter"."id";
ALTER SEQUENCE counter_n_seq OWNED BY "Counter"."n";
