-- AlterEnum
BEGIN;
CREATE TYPE "b"."Plan_new" AS ENUM ('free');
ALTER TABLE "a"."User" ALTER COLUMN "plan" DROP DEFAULT;
ALTER TABLE "a"."User" ALTER COLUMN "plan" TYPE "b"."Plan_new" USING ("plan"::text::"b"."Plan_new");
ALTER TYPE "b"."Plan" RENAME TO "Plan_old";
ALTER TYPE "b"."Plan_new" RENAME TO "Plan";
DROP TYPE "b"."Plan_old";
ALTER TABLE "a"."User" ALTER COLUMN "plan" SET DEFAULT 'free';
COMMIT;

-- AlterTable
CREATE SEQUENCE "a".user_n_seq;
ALTER TABLE "a"."User" ALTER COLUMN "n" SET DEFAULT nextval('"a".user_n_seq'),
ALTER COLUMN "n" SET DATA TYPE BIGINT;
ALTER SEQUENCE "a".user_n_seq OWNED BY "a"."User"."n";

-- RenameIndex
ALTER INDEX "a"."User_n_idx" RENAME TO "by_n";
