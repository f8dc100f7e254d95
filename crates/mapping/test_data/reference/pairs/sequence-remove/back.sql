-- AlterTable
CREATE SEQUENCE "public".a_id_seq;
CREATE SEQUENCE "public".a_n_seq;
ALTER TABLE "public"."A" ALTER COLUMN "id" SET DEFAULT nextval('"public".a_id_seq'),
ALTER COLUMN "n" SET DEFAULT nextval('"public".a_n_seq');
ALTER SEQUENCE "public".a_id_seq OWNED BY "public"."A"."id";
ALTER SEQUENCE "public".a_n_seq OWNED BY "public"."A"."n";
