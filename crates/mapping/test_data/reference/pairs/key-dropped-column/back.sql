-- AlterTable
ALTER TABLE "public"."A" DROP CONSTRAINT "A_pkey",
ADD COLUMN     "id" SERIAL NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- CreateIndex
CREATE UNIQUE INDEX "A_uid_key" ON "public"."A"("uid" ASC);
