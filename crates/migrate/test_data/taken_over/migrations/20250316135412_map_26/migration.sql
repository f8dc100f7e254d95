/*
  Warnings:

  - You are about to drop the `Thing3` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing3" DROP CONSTRAINT "Thing3_ownerId_fkey";

-- DropTable
DROP TABLE "Thing3";

-- CreateTable
CREATE TABLE "things_3" (
    "id" BIGSERIAL NOT NULL,
    "b" TIMESTAMP(3),
    "c" INET,
    "ownerId" TEXT,
    "d" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "things_3_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_3_ownerId_b_idx" ON "things_3"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_3" ADD CONSTRAINT "things_3_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
