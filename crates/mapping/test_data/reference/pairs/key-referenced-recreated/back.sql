-- DropForeignKey
ALTER TABLE "public"."B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "public"."A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" INTEGER NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "public"."B" DROP COLUMN "aId",
ADD COLUMN     "aId" INTEGER NOT NULL;

-- CreateIndex
CREATE INDEX "B_aId_idx" ON "public"."B"("aId" ASC);

-- AddForeignKey
ALTER TABLE "public"."B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "public"."A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
