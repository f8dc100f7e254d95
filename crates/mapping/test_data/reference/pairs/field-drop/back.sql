-- AlterTable
ALTER TABLE "public"."A" ADD COLUMN     "name" TEXT NOT NULL;
