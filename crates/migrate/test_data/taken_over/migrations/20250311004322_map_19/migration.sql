/*
  Warnings:

  - You are about to drop the `Thing2` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing2" DROP CONSTRAINT "Thing2_ownerId_fkey";

-- DropTable
DROP TABLE "Thing2";

-- CreateTable
CREATE TABLE "things_2" (
    "id" TEXT NOT NULL,
    "b" BOOLEAN NOT NULL DEFAULT false,
    "c" TEXT[],
    "ownerId" TEXT,
    "d" BIGINT,

    CONSTRAINT "things_2_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_2_ownerId_b_idx" ON "things_2"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_2" ADD CONSTRAINT "things_2_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
