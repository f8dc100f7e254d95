/*
  Warnings:

  - You are about to drop the `Thing7` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing7" DROP CONSTRAINT "Thing7_ownerId_fkey";

-- DropTable
DROP TABLE "Thing7";

-- CreateTable
CREATE TABLE "things_7" (
    "id" UUID NOT NULL,
    "b" BIGINT,
    "c" INTEGER,
    "ownerId" TEXT,
    "d" INTEGER,

    CONSTRAINT "things_7_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_7_ownerId_b_idx" ON "things_7"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_7" ADD CONSTRAINT "things_7_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
