-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "title",
ADD COLUMN     "name" TEXT NOT NULL;
