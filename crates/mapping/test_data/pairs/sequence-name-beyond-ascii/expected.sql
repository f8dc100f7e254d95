-- AlterTable
CREATE SEQUENCE 日本_ünï_seq;
ALTER TABLE "日本" ALTER COLUMN "ünï" SET DEFAULT nextval('日本_ünï_seq');
ALTER SEQUENCE 日本_ünï_seq OWNED BY "日本"."ünï";
