/*
  Warnings:

  - You are about to drop the `Thing6` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing6" DROP CONSTRAINT "Thing6_ownerId_fkey";

-- DropTable
DROP TABLE "Thing6";

-- CreateTable
CREATE TABLE "things_6" (
    "id" TEXT NOT NULL,
    "b" BOOLEAN NOT NULL DEFAULT false,
    "c" UUID,
    "ownerId" TEXT,
    "d" INTEGER,

    CONSTRAINT "things_6_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_6_ownerId_b_idx" ON "things_6"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_6" ADD CONSTRAINT "things_6_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
