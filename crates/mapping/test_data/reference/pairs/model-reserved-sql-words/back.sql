-- DropIndex
DROP INDEX "public"."select_from_table_idx";

-- AlterTable
ALTER TABLE "public"."select" DROP COLUMN "table",
ALTER COLUMN "from" SET DATA TYPE TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "select_group_key" ON "public"."select"("group" ASC);
