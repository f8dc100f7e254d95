-- AlterTable
ALTER TABLE "public"."A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("x");
