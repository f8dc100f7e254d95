/*
  Warnings:

  - You are about to drop the `Thing9` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing9" DROP CONSTRAINT "Thing9_ownerId_fkey";

-- DropTable
DROP TABLE "Thing9";

-- CreateTable
CREATE TABLE "things_9" (
    "id" BIGSERIAL NOT NULL,
    "b" TIMESTAMP(3),
    "c" TIMESTAMP(3),
    "ownerId" TEXT,
    "d" INET,

    CONSTRAINT "things_9_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_9_ownerId_b_idx" ON "things_9"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_9" ADD CONSTRAINT "things_9_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
