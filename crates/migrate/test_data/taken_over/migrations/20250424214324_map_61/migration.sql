/*
  Warnings:

  - You are about to drop the `Thing8` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing8" DROP CONSTRAINT "Thing8_ownerId_fkey";

-- DropTable
DROP TABLE "Thing8";

-- CreateTable
CREATE TABLE "things_8" (
    "id" BIGSERIAL NOT NULL,
    "b" TEXT,
    "c" DECIMAL(12,4),
    "ownerId" TEXT,
    "d" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "things_8_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_8_ownerId_b_idx" ON "things_8"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_8" ADD CONSTRAINT "things_8_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
