-- AlterTable
ALTER TABLE "public"."A" DROP CONSTRAINT "A_pkey";
