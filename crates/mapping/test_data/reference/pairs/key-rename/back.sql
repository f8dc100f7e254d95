-- AlterTable
ALTER TABLE "public"."A" RENAME CONSTRAINT "key of A" TO "A_pkey";

-- AlterTable
ALTER TABLE "public"."B" RENAME CONSTRAINT "B_pkey" TO "old_key";
