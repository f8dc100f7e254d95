-- AlterEnum
BEGIN;
CREATE TYPE "Level_new" AS ENUM ('low', 'top');
ALTER TABLE "T" ALTER COLUMN "level" DROP DEFAULT;
ALTER TABLE "T" ALTER COLUMN "many" DROP DEFAULT;
ALTER TABLE "T" ALTER COLUMN "level" TYPE "Level_new" USING ("level"::text::"Level_new");
ALTER TABLE "T" ALTER COLUMN "many" TYPE "Level_new"[] USING ("many"::text::"Level_new"[]);
ALTER TABLE "T" ALTER COLUMN "plain" TYPE "Level_new" USING ("plain"::text::"Level_new");
ALTER TYPE "Level" RENAME TO "Level_old";
ALTER TYPE "Level_new" RENAME TO "Level";
DROP TYPE "Level_old";
ALTER TABLE "T" ALTER COLUMN "level" SET DEFAULT 'low';
ALTER TABLE "T" ALTER COLUMN "many" SET DEFAULT ARRAY['top']::"Level"[];
COMMIT;

-- AlterTable
ALTER TABLE "T" ALTER COLUMN "many" SET DEFAULT ARRAY['top']::"Level"[];
