-- AlterTable
ALTER TABLE "public"."A" ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- DropIndex
DROP INDEX "public"."A_id_key";
