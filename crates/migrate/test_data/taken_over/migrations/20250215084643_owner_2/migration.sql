-- AlterTable
ALTER TABLE "Thing0" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing0" ADD CONSTRAINT "Thing0_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
