-- DropForeignKey
ALTER TABLE "Lesson" DROP CONSTRAINT "Lesson_kind_vehicleId_fkey";

-- DropForeignKey
ALTER TABLE "Repair" DROP CONSTRAINT "Repair_kind_vehicleId_fkey";

-- AlterEnum
BEGIN;
CREATE TYPE "Kind_new" AS ENUM ('car', 'bike');
ALTER TABLE "Lesson" ALTER COLUMN "kind" DROP DEFAULT;
ALTER TABLE "Vehicle" ALTER COLUMN "kind" TYPE "Kind_new" USING ("kind"::text::"Kind_new");
ALTER TABLE "Lesson" ALTER COLUMN "kind" TYPE "Kind_new" USING ("kind"::text::"Kind_new");
ALTER TABLE "Repair" ALTER COLUMN "kind" TYPE TEXT USING ("kind"::text);
ALTER TYPE "Kind" RENAME TO "Kind_old";
ALTER TYPE "Kind_new" RENAME TO "Kind";
DROP TYPE "Kind_old";
ALTER TABLE "Lesson" ALTER COLUMN "kind" SET DEFAULT 'car';
COMMIT;

-- DropForeignKey
ALTER TABLE "Repair" DROP CONSTRAINT "Repair_lessonId_fkey";

-- DropTable
DROP TABLE "Repair";

-- AddForeignKey
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_kind_vehicleId_fkey" FOREIGN KEY ("kind", "vehicleId") REFERENCES "Vehicle"("kind", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
