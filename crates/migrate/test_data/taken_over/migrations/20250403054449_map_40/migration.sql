/*
  Warnings:

  - You are about to drop the `Thing5` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing5" DROP CONSTRAINT "Thing5_ownerId_fkey";

-- DropTable
DROP TABLE "Thing5";

-- CreateTable
CREATE TABLE "things_5" (
    "id" BIGSERIAL NOT NULL,
    "b" DOUBLE PRECISION NOT NULL DEFAULT 1.5,
    "c" BOOLEAN NOT NULL DEFAULT false,
    "ownerId" TEXT,
    "d" TIMESTAMP(3),

    CONSTRAINT "things_5_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_5_ownerId_b_idx" ON "things_5"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_5" ADD CONSTRAINT "things_5_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
