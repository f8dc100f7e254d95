/*
  Warnings:

  - You are about to drop the `Thing1` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing1" DROP CONSTRAINT "Thing1_ownerId_fkey";

-- DropTable
DROP TABLE "Thing1";

-- CreateTable
CREATE TABLE "things_1" (
    "id" UUID NOT NULL,
    "b" UUID,
    "c" DECIMAL(12,4),
    "ownerId" TEXT,
    "d" BIGINT,

    CONSTRAINT "things_1_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_1_ownerId_b_idx" ON "things_1"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_1" ADD CONSTRAINT "things_1_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
